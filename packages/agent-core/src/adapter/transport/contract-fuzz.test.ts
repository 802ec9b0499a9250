import { contractFuzz } from '../../testing/contract-fuzz.ts';

contractFuzz(100);
