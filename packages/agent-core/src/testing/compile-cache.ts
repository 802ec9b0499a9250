import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Loaded before a child's own modules: what one child has compiled, those after it need not compile again.
enableCompileCache(join(tmpdir(), 'soma-compiled'));
