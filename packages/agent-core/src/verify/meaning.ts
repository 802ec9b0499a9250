import { posix } from 'node:path';
import { z } from 'zod';
import type { RereadFolder } from './folder.ts';

/*
 * Which file a name in an import means, found again: from the name come the places where the file may lie, and the subject must be the
 * first of them that is there.
 */

interface Named {
  readonly name: string;
  readonly from: string;
  readonly subject: string;
}

const SCRIPT = /\.(?:[cm]?[jt]sx?)$/;
const SCRIPT_ENDINGS = /^(?:\.d)?\.(?:[cm]?[jt]sx?|json)$/;

/** Whether `name`, as an import of the file `from`, means the file `subject`. */
export async function meantBy(folder: RereadFolder, named: Named): Promise<boolean> {
  const { name, from, subject } = named;
  if (name === '' || from === subject || (await folder.read(subject)) === null) return false;
  const ending = posix.extname(from).toLowerCase();
  if (SCRIPT.test(from.toLowerCase()))
    return name.startsWith('.')
      ? scriptAt(folder, posix.join(posix.dirname(from), name), subject)
      : inPackage(folder, name, subject);
  if (ending === '.py' || ending === '.pyi') return pythonMeans(folder, named);
  if (ending === '.go') return goMeans(folder, name, subject);
  if (ending === '.rs') return rustMeans(named);
  if (ending === '.java') return javaMeans(folder, named);
  if (ending === '.rb') {
    const here = posix.join(posix.dirname(from), name);
    return [here, `${here}.rb`].includes(subject) || nearest(folder, `lib/${name}.rb`, named);
  }
  // A variable may stand for the folder, as in `$HERE/lib.sh`.
  const path = name.replace(/^.*\$[^/]*\//, '').replace(/^.*[`)}"'][^/]*\//, '');
  const here = posix.join(posix.dirname(from), path.replace(/^\//, ''));
  return here === subject || nearest(folder, path.replace(/^(?:\.{0,2}\/)+/, ''), named);
}

/** The last part of the name may be a member of the class before it. */
async function javaMeans(folder: RereadFolder, named: Named): Promise<boolean> {
  const path = named.name.replaceAll('.', '/');
  return (
    (await nearest(folder, `${path}.java`, named)) || nearest(folder, `${posix.dirname(path)}.java`, named)
  );
}

/** A script's path may leave its ending out, name the compiled file, or name a folder. */
async function scriptAt(folder: RereadFolder, path: string, subject: string): Promise<boolean> {
  const at = path.replace(/\/$/, '');
  if (subject === at || endsAs(subject, at) || endsAs(subject, at.replace(/\.[cm]?jsx?$/, ''))) return true;
  const inside = at === '.' ? 'index' : `${at}/index`;
  if (endsAs(subject, inside)) return true;
  const manifest = await manifestAt(folder, at);
  return [manifest?.main, manifest?.module].some(
    (entry) => entry !== undefined && isEntry(subject, posix.join(at, entry)),
  );
}

function endsAs(subject: string, bare: string): boolean {
  return subject.startsWith(bare) && SCRIPT_ENDINGS.test(subject.slice(bare.length));
}

function isEntry(subject: string, entry: string): boolean {
  const at = entry.replace(/\/$/, '');
  return subject === at || endsAs(subject, at) || endsAs(subject, `${at}/index`);
}

const Manifest = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  module: z.string().optional(),
  exports: z.json().optional(),
});

async function manifestAt(folder: RereadFolder, at: string): Promise<z.infer<typeof Manifest> | null> {
  const file = await folder.read(posix.join(at, 'package.json'));
  try {
    return Manifest.parse(JSON.parse(file?.lines.join('\n') ?? ''));
  } catch {
    return null;
  }
}

/** A package of this folder's own: the manifest above the subject bears the name, and leads to the subject. */
async function inPackage(folder: RereadFolder, name: string, subject: string): Promise<boolean> {
  for (let at = posix.dirname(subject); ; at = posix.dirname(at)) {
    const manifest = await manifestAt(folder, at);
    const own = manifest?.name;
    if (manifest !== null && own !== undefined && (name === own || name.startsWith(`${own}/`))) {
      const inside = `.${name.slice(own.length)}`;
      const entries = [
        ...targetsOf(manifest.exports ?? null, inside),
        inside,
        ...(inside === '.' ? [manifest.main, manifest.module] : []),
      ];
      return entries.some((entry) => entry !== undefined && isEntry(subject, posix.join(at, entry)));
    }
    if (at === '.') return false;
  }
}

type Exports = z.infer<typeof Manifest>['exports'];

/** Where a manifest's `exports` lead for `.` or `./something`; conditions are not told apart. */
function targetsOf(exports: Exports, inside: string): string[] {
  if (typeof exports === 'string') return inside === '.' ? [exports] : [];
  if (exports === null || typeof exports !== 'object') return [];
  if (Array.isArray(exports)) return exports.flatMap((one) => targetsOf(one, inside));
  return Object.entries(exports).flatMap(([key, value]) => {
    if (!key.startsWith('.')) return targetsOf(value, inside);
    const [head = '', tail] = key.split('*');
    if (key === inside) return targetsOf(value, '.');
    if (tail === undefined || !inside.startsWith(head) || !inside.endsWith(tail)) return [];
    const star = inside.slice(head.length, inside.length - tail.length);
    return targetsOf(value, '.').map((target) => target.replaceAll('*', star));
  });
}

async function pythonMeans(folder: RereadFolder, named: Named): Promise<boolean> {
  const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(named.name) ?? [];
  const path = rest.replaceAll('.', '/');
  if (dots === '')
    return (await nearest(folder, `${path}.py`, named)) || nearest(folder, `${path}/__init__.py`, named);
  const base = posix.join(posix.dirname(named.from), '../'.repeat(dots.length - 1), path).replace(/\/$/, '');
  return [`${base}.py`, posix.join(base, '__init__.py')].includes(named.subject);
}

/** A Go import names a package, which is every file of its folder. */
async function goMeans(folder: RereadFolder, name: string, subject: string): Promise<boolean> {
  const home = posix.dirname(subject);
  if (!subject.endsWith('.go')) return false;
  for (let at = home; ; at = posix.dirname(at)) {
    const lines = (await folder.read(posix.join(at, 'go.mod')))?.lines ?? [];
    const module = lines
      .map((line) => /^module\s+"?([^\s"]+)/.exec(line)?.[1])
      .find((found) => found !== undefined);
    if (module !== undefined && name === posix.join(module, posix.relative(at, home))) return true;
    if (at === '.') return false;
  }
}

/** A path of modules names the file of one of its parts; `mod x` a file beside or below this one. */
function rustMeans({ name, from, subject }: Named): boolean {
  const stem = /^(.*?)(?:\/mod)?\.rs$/.exec(subject)?.[1];
  if (stem === undefined) return false;
  const module = /^mod\s+(\w+)$/.exec(name)?.[1];
  const below = from.replace(/\.rs$/, '');
  if (module !== undefined)
    return [posix.join(posix.dirname(from), module), posix.join(below, module)].includes(stem);
  const [root, ...parts] = name.split('::');
  if (root === undefined || !['crate', 'self', 'super'].includes(root)) return false;
  return parts.some((_part, index) => {
    const path = parts.slice(0, index + 1).join('/');
    return stem === path || stem.endsWith(`/${path}`);
  });
}

/** Whether the subject is the file ending in this path that lies nearest to the importing one. */
async function nearest(folder: RereadFolder, ending: string, { from, subject }: Named): Promise<boolean> {
  if (subject !== ending && !subject.endsWith(`/${ending}`)) return false;
  const rivals = (await folder.named(posix.basename(ending))).filter(
    (path) => path === ending || path.endsWith(`/${ending}`),
  );
  const own = inCommon(subject, from);
  return rivals.every((path) => inCommon(path, from) <= own);
}

/** How many folders two paths have in common from the top. */
function inCommon(a: string, b: string): number {
  const other = b.split('/');
  let same = 0;
  for (const part of a.split('/')) {
    if (part !== other[same]) break;
    same += 1;
  }
  return same;
}
