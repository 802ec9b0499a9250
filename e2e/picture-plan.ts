import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpack } from './folders.ts';
import { inDark, onStage, shot } from './picture.ts';
import { openFolder, startGoal } from './play.ts';

/** A plan of a person's own that finds nothing, and goes another way with fewer checks once a person agreed. */
const LOOK_THEN_LIST = `schema: packaged-plan.v1
name: look-then-list
version: 1.0.0
title: Look, then list
description: Looks for a line, and lists the files where there is none.
examples: [look and then list]
rights: [read, board]
tasks:
  - id: look
    title: Look for the line
    tool: search_files
    arguments: { text: Nowhere in any file }
    claims:
      - { id: line, kind: quoted, each: result.hits, text: item.quote, path: item.path, line: item.line, quote: item.quote }
    checks: [quoted]
    enough: $count(result.hits) > 0
    otherwise: [list]
  - { id: list, title: List the files, tool: list_files }
  - { id: read, title: Read it, tool: read_file, after: [look], arguments: { path: '=tasks.list.files[0].path' },
      claims: [{ id: line, kind: quoted, each: 'result.lines[0]', text: item.quote, path: result.path, line: item.line, quote: item.quote }], checks: [quoted] }
`;

/** The question before the plan changes, then the plan as it became, on the board and in the inspector. */
export async function revisedPlan(): Promise<void> {
  const fastq = await unpack('fastq');
  await onStage(async (stage) => {
    await mkdir(join(stage.seat.data, 'plans'), { recursive: true });
    await writeFile(join(stage.seat.data, 'plans', 'look-then-list.yaml'), LOOK_THEN_LIST);
    const page = stage.seat.page();
    await openFolder(stage, fastq.path);
    await startGoal(page, 'look and then list');
    await page.getByRole('button', { name: 'Open in Approvals' }).first().click();
    await page.getByText('Comes in its place').waitFor();
    await shot(page, '05-plan-change-asked');
    await page.getByRole('button', { name: 'Approve once' }).click();
    await page.getByRole('button', { name: 'Reading fastq' }).first().click();
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Open graph' }).first().click();
    await page.locator('.react-flow__node-task').filter({ hasText: 'Look for the line' }).click();
    await shot(page, '05-plan-changed');
    await inDark(page, '05-plan-changed');
  });
  await fastq.remove();
}
