import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquire } from '@soma/agent-core/adapter/data-folder';
import { CanvasClient, type CanvasMutation, readCanvas } from '@soma/schemas/canvas';
import { type FlowDuplex, framePort, type HostCalls, hostCalls, PROTOCOL } from '@soma/schemas/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSourceHost, type SourceHost, testConfig, testFolder } from '../testing/source-host.ts';
import { takeOver } from './claim.ts';
import { findHost } from './find-host.ts';

function aNote(text: string): CanvasMutation {
  const node = { id: 'n1', kind: 'note', x: 1, y: 2, width: 300, height: 200, text } as const;
  return { type: 'add-node', node };
}

describe('the host of a data folder', () => {
  let folder: ReturnType<typeof testFolder>;
  let open: SourceHost[];
  let pipes: FlowDuplex[];

  beforeEach(() => {
    folder = testFolder();
    open = [];
    pipes = [];
  });
  afterEach(async () => {
    for (const pipe of pipes) pipe.close();
    for (const host of open) await host.local.close('closing');
    folder.remove();
  });

  async function started(root = folder.root): Promise<SourceHost> {
    const host = await openSourceHost(testConfig(root, join(folder.root, 'runtime')));
    open.push(host);
    return host;
  }

  async function client({ config }: SourceHost): Promise<{ pipe: FlowDuplex; calls: HostCalls }> {
    const pipe = await findHost(config.dataFolder);
    if (pipe === null) throw new Error('no host answers');
    pipes.push(pipe);
    return { pipe, calls: hostCalls(pipe) };
  }

  it('answers on a socket file that only its person can open, and host.json says where', async () => {
    const host = await started();
    const { dataFolder } = host.config;
    const { socket, pid } = JSON.parse(readFileSync(join(dataFolder, 'host.json'), 'utf8')) as {
      socket: string;
      pid: number;
    };
    expect(pid).toBe(process.pid);
    expect(socket).toBe(join(dataFolder, 'host.sock'));
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(dataFolder).mode & 0o777).toBe(0o700);
    const { calls } = await client(host);
    expect(await calls.host.describe({ protocol: PROTOCOL })).toMatchObject({
      ok: true,
      dataFolder,
      person: { name: 'P' },
    });
    expect(host.local.clients()).toBe(1);
  });

  it('listens in the run-time folder when the data folder lies too deep', async () => {
    const root = join(folder.root, 'd'.repeat(120));
    const host = await started(root);
    const { socket } = JSON.parse(readFileSync(join(host.config.dataFolder, 'host.json'), 'utf8')) as {
      socket: string;
    };
    expect(socket.startsWith(host.config.runtimeFolder)).toBe(true);
    const { calls } = await client(host);
    expect(await calls.host.describe({ protocol: PROTOCOL })).toMatchObject({ ok: true });
  });

  it('leaves nothing behind that says it runs', async () => {
    const host = await started();
    await host.local.close('closing');
    open.length = 0;
    const { dataFolder } = host.config;
    expect(existsSync(join(dataFolder, 'host.json'))).toBe(false);
    expect(existsSync(join(dataFolder, 'host.sock'))).toBe(false);
    expect(await findHost(dataFolder)).toBeNull();
    const again = acquire(dataFolder);
    expect(again).toMatchObject({ owned: true, exit: 'clean' });
    if (again.owned) again.release();
  });

  it('keeps the data folder to itself while it runs', async () => {
    const { config } = await started();
    expect(acquire(config.dataFolder)).toMatchObject({ owned: false });
  });

  it('takes a note on the board over the same pipe as the calls, and keeps it over a restart', async () => {
    const first = await started();
    const { pipe, calls } = await client(first);
    await calls.canvas.create({ id: 'c1', title: 'Board', folder: null });
    const canvases = new CanvasClient({ port: framePort(pipe), now: () => performance.now() });
    const board = canvases.open('c1');
    await vi.waitFor(() => expect(board.loaded.get()).toBe(true), 15_000);
    board.apply([aNote('hello')]);
    await vi.waitFor(() => expect(board.saved.get()).toBe('saved'), 15_000);
    await first.local.close('closing');
    open.length = 0;
    const second = await started();
    const again = new CanvasClient({
      port: framePort((await client(second)).pipe),
      now: () => performance.now(),
    }).open('c1');
    await vi.waitFor(
      () => expect(readCanvas(again.doc).nodes).toMatchObject([{ id: 'n1', text: 'hello' }]),
      15_000,
    );
  });

  it('backs the boards up, and says when a damaged store of boards was taken up from what is left of it', async () => {
    const first = await started();
    const { dataFolder } = first.config;
    const { pipe, calls } = await client(first);
    await calls.canvas.create({ id: 'c1', title: 'Board', folder: null });
    const board = new CanvasClient({ port: framePort(pipe), now: () => performance.now() }).open('c1');
    await vi.waitFor(() => expect(board.loaded.get()).toBe(true), 15_000);
    board.apply([aNote('hello')]);
    await vi.waitFor(() => expect(board.saved.get()).toBe('saved'), 15_000);
    await first.local.close('closing');
    open.length = 0;
    const backups = readdirSync(join(dataFolder, 'backups')).filter((name) => name.startsWith('documents.'));
    expect(backups).toHaveLength(1);
    const file = join(dataFolder, 'documents.db');
    const bytes = readFileSync(file);
    bytes.write('person:LOCAL', bytes.indexOf('person:local'));
    writeFileSync(file, bytes);
    const { calls: again } = await client(await started());
    // The boards are opened a moment after the host.
    for await (const news of await again.workspace.watch({})) {
      if (!('faults' in news) || news.faults.length === 0) continue;
      expect(news.faults).toMatchObject([
        { code: 'DATABASE_DAMAGED', data: { database: 'documents', base: 'backup', reason: 'checksum' } },
      ]);
      break;
    }
  });

  it('begins anew with a ledger that holds nothing good when a person asks for it, and keeps the damaged one', async () => {
    const first = await started();
    const { dataFolder } = first.config;
    await (await client(first)).calls.canvas.create({ id: 'c1', title: 'Board', folder: null });
    await first.local.close('closing');
    open.length = 0;
    const ledger = join(dataFolder, 'ledger.db');
    rmSync(join(dataFolder, 'backups'), { recursive: true });
    writeFileSync(ledger, 'not a database at all');
    await expect(started()).rejects.toMatchObject({
      fault: { code: 'DATABASE_DAMAGED', data: { database: 'ledger', path: ledger } },
    });
    expect(readFileSync(ledger, 'utf8')).toBe('not a database at all');
    const again = await openSourceHost(first.config, 'acquire', { whenLost: 'begin-anew' });
    open.push(again);
    for await (const news of await (await client(again)).calls.workspace.watch({})) {
      expect(news).toMatchObject({ workspace: { canvases: [] }, faults: [{ data: { base: 'new' } }] });
      break;
    }
    const [kept = ''] = readdirSync(join(dataFolder, 'quarantine'));
    expect(kept).toMatch(/^ledger\.\d{8}T\d{9}Z$/);
    expect(readFileSync(join(dataFolder, 'quarantine', kept, 'ledger.db'), 'utf8')).toBe(
      'not a database at all',
    );
  });

  it('starts the hub again when its thread dies, and every window goes on', async () => {
    const host = await started();
    const { pipe, calls } = await client(host);
    await calls.canvas.create({ id: 'c1', title: 'Board', folder: null });
    const board = new CanvasClient({ port: framePort(pipe), now: () => performance.now() }).open('c1');
    await vi.waitFor(() => expect(board.loaded.get()).toBe(true), 15_000);
    host.hubs[0]?.end();
    await host.hubs[0]?.ended;
    board.apply([aNote('kept')]);
    await vi.waitFor(() => expect(host.hubs).toHaveLength(2), 5000);
    await vi.waitFor(() => expect(board.saved.get()).toBe('saved'), 5000);
  });

  it('gives up the folder and names its runs when another process asks, which then goes on with them', async () => {
    const work = join(folder.root, 'work');
    mkdirSync(work);
    for (let n = 0; n < 400; n += 1) writeFileSync(join(work, `file-${n}.md`), `# Title ${n}\n`);
    const first = await started();
    const { calls } = await client(first);
    const granted = await calls.folder.grant({ id: 'f1', path: work });
    await calls.canvas.create({ id: 'c1', title: 'Board', folder: granted.ok ? granted.folder : null });
    const goal = {
      text: 'Explain this folder',
      canvas: 'c1',
      plan: null,
      slots: {},
      approve: 'ask',
    } as const;
    await calls.goal.submit({ id: 'r1', folder: granted.ok ? granted.folder : '', ...goal });
    const taking = takeOver(first.config.dataFolder);
    await vi.waitFor(() => expect(first.handedOver()).toBe(1), 15_000);
    await first.local.close('hand-over');
    open.length = 0;
    const { folder: owned, handedOver } = await taking;
    expect(handedOver).toEqual(['r1']);
    owned.release();
  });
});
