import './jitless.ts';
import './page.css';
import { browserPlatform, mountApp } from '@soma/ui';
import { connectBySocket } from './socket.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
void mountApp(root, { connect: connectBySocket, platform: browserPlatform, storage: window.localStorage });
