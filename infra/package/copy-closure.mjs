// A package and everything it needs, laid out as one node_modules folder.
import { cpSync, existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** What only those who build the package need: its own sources, types and maps, and other packages' tests. */
const leftOut = /(^|\/)(node_modules|gitRelease\.bundle)$|\.(d\.[cm]?ts|map)$/;

/**
 * Copies the package `name` out of one node_modules folder into another, with all it depends on. Where two versions of a package are
 * needed, one of them lies in the folder of whoever needs it.
 * @param {string} name
 * @param {string} from a node_modules folder
 * @param {string} to another
 */
export function copyClosure(name, from, to) {
  /** @type {Map<string, string>} where each was laid, by what it was copied of */
  const laid = new Map();
  /** @type {{ source: string, place: string }[]} */
  const open = [];
  /** @param {string} source @param {string} place */
  const lay = (source, place) => {
    laid.set(place, source);
    open.push({ source, place });
    cpSync(source, place, {
      recursive: true,
      filter: (path) => !leftOut.test(relative(source, path).split(sep).join('/')),
    });
  };
  lay(realpathSync(join(from, name)), join(to, name));
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    for (const needed of dependenciesOf(next.source)) {
      const source = found(needed, next.source);
      if (source === null) continue;
      const seen = seenFrom(next.place, { needed, to, laid });
      if (seen === source) continue;
      lay(source, seen === null ? join(to, needed) : join(next.place, 'node_modules', needed));
    }
  }
}

/** @param {string} folder of a package */
function dependenciesOf(folder) {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  return Object.keys({ ...dependencies, ...optionalDependencies });
}

/**
 * Where Node finds a package from a folder; null for an optional one that is not for this machine.
 * @param {string} name
 * @param {string} folder
 */
function found(name, folder) {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const place = join(at, 'node_modules', name);
    if (existsSync(place)) return realpathSync(place);
  }
  return null;
}

/**
 * What Node would find of it in the new layout; null when nothing.
 * @param {string} place
 * @param {{ needed: string, to: string, laid: ReadonlyMap<string, string> }} layout
 */
function seenFrom(place, { needed, to, laid }) {
  for (let at = place; at !== dirname(to); at = dirname(at)) {
    const source = laid.get(join(at, at === to ? '' : 'node_modules', needed));
    if (source !== undefined) return source;
  }
  return null;
}
