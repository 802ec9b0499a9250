// What Electron's own default app does with the directory named on the command line: become that app, then load its main.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const named = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (named === undefined) {
  process.stderr.write('electron: name the directory of an app\n');
  process.exit(1);
}
const directory = resolve(named);
const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version ?? '0.0.0');
app.setAppPath(directory);
app.setPath('userData', join(app.getPath('appData'), app.getName()));
await import(pathToFileURL(join(directory, manifest.main ?? 'index.js')).href);
