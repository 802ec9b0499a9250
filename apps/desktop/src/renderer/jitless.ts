import { z } from 'zod';

// The page's policy runs no string as code, so shapes must not be compiled into functions. First of all imports.
z.config({ jitless: true });
