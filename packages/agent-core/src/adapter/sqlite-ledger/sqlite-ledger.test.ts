import { ControllableClock } from '../../testing/controllable-clock.ts';
import { type EventStoreUnderTest, eventStoreConformance } from '../../testing/event-store-conformance.ts';
import { eventStoreDataConformance } from '../../testing/event-store-data-conformance.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { openDatabase } from '../data-folder/index.ts';
import { ledgerSchema, SqliteLedger } from './index.ts';

async function open(
  folder: string,
  clock: ControllableClock,
  remove: () => void,
): Promise<EventStoreUnderTest> {
  const file = await openDatabase({ folder, schema: ledgerSchema, clock, exit: 'clean', whenLost: 'refuse' });
  const store = new SqliteLedger(file, clock);
  return {
    store,
    runs: store.runs,
    clock,
    async reopen() {
      file.close();
      return open(folder, clock, remove);
    },
    async close() {
      file.close();
      remove();
    },
  };
}

const make = () => {
  const { path, remove } = temporaryFolder();
  return open(path, new ControllableClock(), remove);
};

eventStoreConformance('The ledger on SQLite', make);
eventStoreDataConformance('The ledger on SQLite', make);
