// Where tsconfig.oldest.json finds the types named "node": those of Node 20, which the oldest Electron carries.
/// <reference types="node-oldest-types" />
