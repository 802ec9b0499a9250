import { contractFuzz } from '../../testing/contract-fuzz.ts';

contractFuzz(10_000);
