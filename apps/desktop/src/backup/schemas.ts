import { documentsSchema } from '@soma/agent-core/adapter/sqlite-documents';
import { ledgerSchema } from '@soma/agent-core/adapter/sqlite-ledger';
import { memorySchema } from '@soma/agent-core/adapter/sqlite-memory';

/** The databases of a data folder in the order in which they are copied: whatever the ledger says was done is in the others by then. */
export const dataSchemas = [ledgerSchema, documentsSchema, memorySchema];
