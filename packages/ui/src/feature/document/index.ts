// What stands on a board besides runs: notes, files, links, groups, artifacts.
export * from './artifact-face.tsx';
export { FileFace, linesAround } from './file-face.tsx';
export * from './node-name.ts';
export { NoteFace, paperOf } from './note-face.tsx';
export { GroupFace, hostOf, LinkFace } from './simple-faces.tsx';
