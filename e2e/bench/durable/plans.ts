/** Tasks in a row, each after the one before, each with one call that answers with a text of `bytes` characters. */
interface Row {
  readonly name: string;
  readonly tool: 'read_nothing' | 'act_nothing';
  readonly tasks: number;
  readonly bytes: number;
  /** A task before all others whose answer has so many characters, which the arguments of all others look at. */
  readonly first?: number;
  /** Whether the tasks wait for each other. */
  readonly apart?: boolean;
}

/** Plans as the product reads them; JSON is YAML too. A task is eight state transitions. */
const rows: readonly Row[] = [
  { name: 'row-of-eight', tool: 'read_nothing', tasks: 8, bytes: 1000 },
  { name: 'acts', tool: 'act_nothing', tasks: 8, bytes: 1000 },
  { name: 'growing', tool: 'act_nothing', tasks: 8, bytes: 12_500 },
  { name: 'onto-small', tool: 'act_nothing', tasks: 16, bytes: 1000, first: 1000 },
  { name: 'onto-large', tool: 'act_nothing', tasks: 16, bytes: 1000, first: 100_000 },
  { name: 'one', tool: 'act_nothing', tasks: 1, bytes: 1000 },
  { name: 'one-read', tool: 'read_nothing', tasks: 1, bytes: 1000 },
  { name: 'long', tool: 'read_nothing', tasks: 500, bytes: 100, apart: true },
];

export const plans: readonly string[] = rows.map((row) => JSON.stringify(planOf(row)));

/** How many of the row's tasks, the first one not among them. */
export function tasksOf(name: string): number {
  return rows.find((row) => row.name === name)?.tasks ?? 0;
}

function planOf({ name, tool, tasks, bytes, first, apart = false }: Row) {
  const before =
    first === undefined ? [] : [{ id: 't-0', title: 'First', tool, arguments: { bytes: first } }];
  const row = Array.from({ length: tasks }, (_, index) => {
    const after = !apart && (index > 0 || first !== undefined) ? { after: [`t-${index}`] } : {};
    const looks = first === undefined ? {} : { seen: '=$length(tasks.`t-0`.text)' };
    return { id: `t-${index + 1}`, title: 'Next', tool, ...after, arguments: { bytes, ...looks } };
  });
  return {
    ...{ schema: 'packaged-plan.v1', name, version: '1.0.0', title: name },
    ...{ description: 'For the bench.', examples: [name] },
    rights: [tool === 'read_nothing' ? 'read' : 'board'],
    tasks: [...before, ...row],
  };
}
