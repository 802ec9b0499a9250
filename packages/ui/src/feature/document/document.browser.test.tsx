import { Artifact, type RecordedRunEvent } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Shell } from '../shell/index.ts';

const RUN = 'run-fastq';
const folder = { id: 'f1', path: '/folder', name: 'folder' };
const canvas = { id: 'c1', title: 'Board', folder: 'f1' };
type Published = Extract<RecordedRunEvent, { type: 'artifact.published' }>;

function published(title: string): Published['data'] {
  const found = fastqRun.find(
    (event): event is Published => event.type === 'artifact.published' && event.data.title === title,
  );
  if (found === undefined) throw new Error(`the recorded run published no ${title}`);
  return found.data;
}

/** Whether more of it is reached by scrolling down. */
const isScroller = (element: Element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowY);

async function showCard(title: string, events = fastqRun, size: object = { rows: 8 }) {
  const { artifact, task, content, node, icon } = published(title);
  const script = { folders: [folder], canvases: [canvas], runs: [events], contents: fastqContents };
  const shown = await show(<Shell />, script, ({ link, view }) => {
    const card = {
      kind: 'artifact',
      id: node,
      run: RUN,
      task,
      artifact,
      title,
      icon,
      content: content.hash,
    } as const;
    link.canvases
      .open(canvas.id)
      .apply([{ type: 'place-cards', beside: null, cards: [{ ...card, ...size }] }]);
    view.openCanvas(canvas.id);
  });
  const text = content.inline ?? fastqContents[content.hash] ?? '{}';
  return { ...shown, artifact: Artifact.parse(JSON.parse(text)) };
}

const citations = () => page.getByRole('button', { name: /^Open .+:\d+$/ });

const titles = fastqRun.flatMap((event) => (event.type === 'artifact.published' ? [event.data.title] : []));

describe('the card of an artifact', () => {
  it.each(titles)('shows all of “%s” without scrolling at the size it is first given', async (title) => {
    const { content } = published(title);
    const whole = Artifact.parse(JSON.parse(content.inline ?? fastqContents[content.hash] ?? '{}'));
    await showCard(title, fastqRun, {
      rows: whole.claims.length + whole.lines.length,
      ...(whole.graph !== null && { graph: { nodes: whole.graph.nodes.length } }),
    });
    const body = () =>
      page.getByRole('heading', { name: title }).element().closest('section')?.lastElementChild;
    await expect
      .poll(() => body()?.childElementCount ?? 0)
      .toBeGreaterThanOrEqual(Math.max(1, whole.claims.length));
    const scrolled = [...(body()?.querySelectorAll('*') ?? []), body()].filter(
      (each) => each instanceof HTMLElement && each.scrollHeight > each.clientHeight && isScroller(each),
    );
    expect(scrolled).toEqual([]);
  });

  it('has one citation a claim and a seal that counts them', async () => {
    const { artifact } = await showCard('What it is');
    await expect.poll(() => citations().elements().length).toBe(artifact.claims.length);
    const { length } = artifact.claims;
    await expect.element(page.getByText(`${length} of ${length}`)).toBeVisible();
    const ends = citations()
      .elements()
      .map((each) => Math.round(each.getBoundingClientRect().right));
    expect(new Set(ends).size).toBe(1);
  });

  it('opens the file at the line of a citation that is pressed', async () => {
    const { client } = await showCard('What it is');
    const citation = page.getByRole('button', { name: 'Open package.json:3', exact: true });
    await citation.click();
    const { code } = client.view.getState();
    expect(code).toMatchObject({ path: 'package.json', line: 3 });
  });

  it('is plum and says so when one claim does not hold', async () => {
    const broken = fastqRun.map((event): RecordedRunEvent => {
      if (event.type !== 'evidence.recorded' || event.data.task !== published('What it is').task)
        return event;
      const claims = event.data.claims.map((each, place) =>
        place === 0
          ? { ...each, verdict: { checked: false as const, why: 'line-differs' as const, found: 'other' } }
          : each,
      );
      return { ...event, data: { ...event.data, claims } };
    });
    const { artifact } = await showCard('What it is', broken);
    const { length } = artifact.claims;
    const seal = page.getByText(`${length - 1} of ${length}`);
    await expect.element(seal).toBeVisible();
    expect(seal.element().closest('[data-tone]')?.getAttribute('data-tone')).toBe('unverified');
  });

  it('draws its graph with every part named', async () => {
    const { artifact } = await showCard('How the parts depend on each other');
    const names = artifact.graph?.nodes.map(({ label }) => label) ?? [];
    expect(names.length).toBeGreaterThan(3);
    const graph = page.getByRole('img', { name: /^Graph of/ });
    await expect.element(graph).toBeVisible();
    for (const name of names) expect(graph.element().textContent).toContain(name);
  });
});

describe('a scroll bar', () => {
  it('is thin and in the colours of the theme: in cards, streams and the inspector', async () => {
    const { client } = await showCard('What it is');
    client.view.introduce();
    client.view.select({ kind: 'run', run: RUN });
    await expect.poll(() => document.querySelector('[data-stream-rows]')).not.toBeNull();
    await expect.element(page.getByRole('tabpanel')).toBeVisible();
    const scrollers = () =>
      [...document.querySelectorAll('.react-flow__node *, [data-stream-rows], [role="tabpanel"]')].filter(
        isScroller,
      );
    expect(scrollers().length).toBeGreaterThanOrEqual(3);
    const colours = (theme: string) => {
      document.documentElement.dataset.theme = theme;
      const bars = scrollers().map((each) => getComputedStyle(each, '::-webkit-scrollbar'));
      expect(new Set(bars.map(({ width }) => width))).toEqual(new Set(['10px']));
      const thumbs = scrollers().map((each) => getComputedStyle(each, '::-webkit-scrollbar-thumb'));
      return [...new Set(thumbs.map(({ backgroundColor }) => backgroundColor))];
    };
    const [light, dark] = [colours('light'), colours('dark')];
    expect([light.length, dark.length]).toEqual([1, 1]);
    expect(light[0]).not.toBe('rgba(0, 0, 0, 0)');
    expect(dark[0]).not.toBe(light[0]);
  });
});
