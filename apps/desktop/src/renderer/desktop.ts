import './jitless.ts';
import './page.css';
import { desktopPlatform, mountApp } from '@soma/ui';
import { connectByPort } from './port.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
void mountApp(root, { connect: connectByPort, platform: desktopPlatform, storage: window.localStorage });
