// Called by electron-builder when the app's folder is laid out: see electron-builder.yml.
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { desktop, node24, out, root } from '../launch/place.mjs';
import { copyClosure } from './copy-closure.mjs';

/** Sources of the driver and its builds for other systems stay out. */
const driverParts = ['better-sqlite3', 'bindings', 'file-uri-to-path'];
const leftOut = /^(deps|src|node_modules|binding\.gyp)(\/|$)/;

/** @param {{ appOutDir: string, electronPlatformName: string, arch: number, packager: { getResourcesDir(folder: string): string } }} context */
export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const profile = process.env.SOMA_PACKAGE_PROFILE;
  const driver = process.env.SOMA_PACKAGE_DRIVER;
  if (profile === undefined || driver === undefined)
    throw new Error('start it as: npm run package -- smoke|release');
  const resources = packager.getResourcesDir(appOutDir);
  if (profile === 'release' && existsSync(join(appOutDir, 'native')))
    throw new Error('the stand-in Electron is not for release');
  rmSync(join(appOutDir, 'native'), { recursive: true, force: true });
  rmSync(join(resources, 'default_app.asar'), { force: true });
  copyFileSync(join(root, 'LICENSE'), join(appOutDir, 'LICENSE'));
  // Node looks beside the archive for what is not in it.
  copyDriver(driver, join(resources, 'node_modules'));
  // Both the window's app and `soma`, which lies further down, find it there.
  copyClosure('node-llama-cpp', join(desktop, 'node_modules'), join(resources, 'node_modules'));
  layTerminal(join(resources, 'soma'));
  if (electronPlatformName !== 'win32') writeStarter(join(appOutDir, 'soma'), relative(appOutDir, resources));
}

/**
 * @param {string} from a node_modules folder
 * @param {string} to another
 */
function copyDriver(from, to) {
  for (const part of driverParts.filter((name) => existsSync(join(from, name)))) {
    const source = join(from, part);
    cpSync(source, join(to, part), {
      recursive: true,
      dereference: true,
      filter: (path) => isForHere(relative(source, path)),
    });
  }
}

/** @param {string} path inside the driver */
function isForHere(path) {
  if (leftOut.test(path)) return false;
  const prebuild = /^prebuilds\/(.+)\.node$/.exec(path)?.[1];
  return prebuild === undefined || prebuild === `${process.platform}-${process.arch}`;
}

/**
 * What runs without a window: Node 24, `soma` and `serve`, the page that serve serves, and the driver for Node.
 * @param {string} folder
 */
function layTerminal(folder) {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  copyFileSync(node24(), join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  for (const part of ['node', 'renderer', 'grammars']) {
    cpSync(join(out, part), join(folder, 'out', part), { recursive: true });
  }
  copyDriver(join(desktop, 'node_modules'), join(folder, 'node_modules'));
}

/**
 * @param {string} path of the command `soma`
 * @param {string} resources relative to it
 */
function writeStarter(path, resources) {
  writeFileSync(
    path,
    `#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/${resources}/soma/bin/node" "$here/${resources}/soma/out/node/terminal.js" "$@"\n`,
  );
  chmodSync(path, 0o755);
}
