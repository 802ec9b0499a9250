import { describe, expect, it } from 'vitest';
import { isPage, outsideAddress, PAGE_URL } from './address.ts';

const opened = [
  'http://example.com',
  'https://example.com/a?b=c#d',
  'HTTPS://EXAMPLE.COM',
  'https://example.com:8443/',
  'https://[2001:db8::1]/',
  'https://xn--mnchen-3ya.example/',
  'https://example.com/%2e%2e/file',
  'mailto:someone@example.com',
  'mailto:someone@example.com?subject=hello',
  'http://127.0.0.1:3000/',
];

const never = [
  '',
  ' ',
  'example.com',
  '/etc/passwd',
  '../relative',
  '//example.com',
  'file:///etc/passwd',
  'FILE:///etc/passwd',
  'file://server/share',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://example.com/1',
  'about:blank',
  'app://soma/desktop.html',
  'chrome://settings',
  'chrome-extension://id/page.html',
  'devtools://devtools/bundled/inspector.html',
  'view-source:https://example.com',
  'ftp://example.com/',
  'sftp://example.com/',
  'smb://example.com/share',
  'nfs://example.com/',
  'dav://example.com/',
  'ssh://example.com',
  'telnet://example.com',
  'ldap://example.com',
  'tel:+491234',
  'sms:+491234',
  'facetime:+491234',
  'ms-msdt:/id PCWDiagnostic',
  'ms-officecmd:{}',
  'ms-cxh-full://',
  'search-ms:query=x&crumb=location:\\\\server',
  'shell:startup',
  'vscode://file/etc/passwd',
  'vscode-insiders://file/c',
  'slack://open',
  'steam://run/1',
  'zoommtg://zoom.us/join',
  'itms-services://?action=download',
  'intent://scan/#Intent;scheme=zxing;end',
  'jar:file:///a.jar!/b',
  'ws://example.com',
  'wss://example.com',
  'x-apple.systempreferences:',
  'apt:package',
  'appstream://org.example',
  'soma://run/1',
  'https://trusted.example@evil.example/',
  'https://user:password@evil.example/',
  'http://:secret@evil.example/',
  'https://',
  'https://exa mple.com',
  'https://example.com:99999/',
  'http://[::1',
  'mailto',
];

describe('an address that a page wants opened outside', () => {
  it.each(opened)('may be offered to the person: %s', (url) => {
    expect(outsideAddress(url)?.href).toBe(new URL(url).href);
  });

  it.each(never)('is never opened: %j', (url) => {
    expect(outsideAddress(url)).toBeNull();
  });
});

describe('the page of ours', () => {
  it('is itself with anything after # or ?', () => {
    for (const end of ['', '#run', '?a=b', '?a#b']) expect(isPage(`${PAGE_URL}${end}`)).toBe(true);
  });

  it.each([
    'app://soma/',
    'app://soma/desktop.html2',
    'app://soma/browser.html',
    'app://other/desktop.html',
    'http://soma/desktop.html',
    `x${PAGE_URL}`,
    '',
  ])('is not %j', (url) => {
    expect(isPage(url)).toBe(false);
  });
});
