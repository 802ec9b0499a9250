import { eventBusConformance } from '../../testing/event-bus-conformance.ts';
import { LocalBus } from './index.ts';

eventBusConformance('The bus within one process', async () => ({
  bus: new LocalBus(),
  close: async () => undefined,
}));
