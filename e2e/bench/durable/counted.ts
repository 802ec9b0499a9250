/** What each figure of the bench counts, on both sides; it stands in the answer beside the figures. */
export const COUNTED = {
  step:
    'ours: one state transition of an attempt (step.completed or step.skipped with the start of the next), committed before the next begins. ' +
    'peer: one node of the graph, with the checkpoint after it',
  stepsASecond:
    'ours: whole runs of a packaged plan of 8 tasks in a row, 64 transitions a run and no call: Execute takes the remembered result of 1 kB. ' +
    'The time holds everything else of a run too: the goal, plan, its approval, starts of tasks, the end and the lease. ' +
    'No board: runs are placed on no canvas. peer: whole invocations of a graph of 8 nodes in a row, a state of 1 kB replaced by each',
  peerWithSynchronousFull:
    'the peer with PRAGMA synchronous = FULL, as the ledger has it; by itself it has NORMAL',
  bareLedger:
    'commits of what one transition writes (two events) straight to the ledger, without the engine: one after the other to one stream ' +
    'under a lease, and as one commit to 20 streams, which the engine does not do',
  withAnEffect:
    'a tool that does nothing is decided, performed and recorded by each of the 8 tasks. executeASecond: the state Execute alone, two commits ' +
    '(decided; completed with the end of the state), beside one node of the peer. allTransitionsASecond: all eight states of these runs',
  bytes:
    'growth of ledger.db, memory.db and content files, checkpointed, by runs whose 8 tasks each answer with 12.5 kB; of the peer its database, ' +
    'by runs whose 8 nodes each add 12.5 kB to the state. aTransition: by state transition. aWholeTask: by task, which is what adds the ' +
    '12.5 kB on this side and all of its eight transitions, beside one node',
  ontoLargeState:
    'milliseconds a transition of 16 tasks in a row, each answering with 1 kB, whose arguments look at the answer of the first task: 1 kB or 100 kB. ' +
    'peerRatio: a node that replaces 1 kB beside 100 kB against one on a state of 1 kB',
  resume:
    'a run killed by SIGKILL at its 10,000th event. From before the store is opened until the next step of the run is committed; it is recorded as ' +
    'interrupted on the way and resumed at once',
  list: 'run.page of the served product over its socket file: the first 100, and all in pages of 200 one after the other; judged is the whole',
  memory:
    'least squares of kB a run after a full collection, looked at every 200 runs of one task with one call, after 200 runs',
};
