import { agentOf, phaseOf, type RunState, type TaskState } from '@soma/schemas/run';
import { type RunSelection, useContent, useNoteText, useText } from '../../client/index.ts';

/** The title of what is selected: a goal, a task or a card. */
export function useTitle(selection: RunSelection, state: RunState): string {
  const goal = useContent(state.goal).value ?? '';
  switch (selection.kind) {
    case 'run':
      return goal;
    case 'artifact':
      return state.artifacts.find(({ id }) => id === selection.artifact)?.title ?? goal;
    case 'task':
    case 'call':
      return state.tasks.find(({ id }) => id === selection.task)?.title ?? goal;
    default:
      return selection satisfies never;
  }
}

/** Under the title: which task of how many in which attempt; of a run, what its end means. */
export function Subtitle({ task, state }: { readonly task: TaskState | null; readonly state: RunState }) {
  const text = useText();
  const words = useRunWords(state);
  if (task === null) return <p>{words}</p>;
  const number = state.tasks.findIndex(({ id }) => id === task.id) + 1;
  const place = {
    number,
    tasks: state.tasks.length,
    attempt: task.attempt,
    plan: state.plan?.ref.name ?? '',
  };
  const agent = agentOf(state, task.id);
  return (
    <>
      <p>{text(task.attempt > 1 ? 'app.inspector.taskAgain' : 'app.inspector.task', place)}</p>
      {agent !== null && (
        <p>
          {text('app.inspector.agent', {
            ...{ agent: agent.title, own: agent.own ? 'own' : 'packaged' },
            tools: agent.tools.length === 0 ? 'none' : agent.tools.join(text('app.sign.comma')),
          })}
        </p>
      )}
    </>
  );
}

function useRunWords(state: RunState): string {
  const text = useText();
  const say = useNoteText();
  const phase = phaseOf(state);
  if (phase === 'verified') {
    const kinds = new Set(state.tasks.flatMap(({ evidence }) => evidence.map(({ claim }) => claim.kind)));
    return (['quoted', 'recounted', 'executed'] as const)
      .filter((kind) => kinds.has(kind))
      .map((kind) => text(`app.inspector.proved.${kind}`))
      .join(' ');
  }
  if (state.status.name === 'ended') return say(state.status.note);
  const plan = state.plan?.ref;
  return plan === undefined
    ? text('app.inspector.planning')
    : text('app.inspector.following', { plan: plan.name, version: plan.version });
}
