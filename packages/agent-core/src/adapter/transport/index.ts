export { type CallServer, createCallServer, LARGEST_CALL } from './call-server.ts';
export { faultOf, type Report, type Unexpected } from './faults.ts';
export { dialSocketFile, listenOnSocketFile, privateFolder, socketPath } from './socket-file.ts';
export { type Acceptor, acceptWebSockets, dialWebSocket, type SocketDoor } from './web-socket.ts';
