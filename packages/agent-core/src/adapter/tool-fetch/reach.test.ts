import { createServer } from 'node:http';
import type { CallPreview } from '@soma/schemas/event';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, contextOf, faultOf, listening, toolOf } from '../../testing/fetch-world.ts';
import { isPublicAddress } from './address.ts';

afterEach(closeServers);

describe('the addresses that may be reached', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '172.15.0.1',
    '172.32.0.1',
    '2606:4700::1111',
    '2001:4860:4860::8888',
  ])('are public ones such as %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...[
      '0.0.0.0',
      '10.0.0.1',
      '100.64.0.1',
      '100.100.100.200',
      '127.0.0.1',
      '127.255.255.254',
      '168.63.129.16',
    ],
    ...[
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.0.0.192',
      '192.0.2.1',
      '192.168.1.1',
      '198.18.0.1',
    ],
    ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1'],
    ...[
      'fe80::1',
      'fe80::1%eth0',
      'fec0::1',
      'fc00::1',
      'fd00:ec2::254',
      'ff02::1',
      '2001::1',
      '2001:db8::1',
    ],
    ...[
      '2002:7f00:1::',
      '100::1',
      '',
      'localhost',
      '127.1',
      '0x7f000001',
      '2130706433',
      ' 1.1.1.1',
      '1.1.1.1\n',
    ],
  ])('are not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('the tool as the product has it', () => {
  it.each([
    ...[
      'http://127.0.0.1:PORT/',
      'http://localhost:PORT/',
      'http://[::1]:PORT/',
      'http://[::ffff:127.0.0.1]:PORT/',
    ],
    ...['http://2130706433:PORT/', 'http://0x7f.1:PORT/', 'http://0177.0.0.1:PORT/', 'http://127.1:PORT/'],
    ...['http://0:PORT/', 'http://127。0。0。1:PORT/', 'http://LOCALHOST:PORT/'],
  ])('does not reach a server of this computer by %s', async (form) => {
    let reached = 0;
    const port = await listening(createServer().on('connection', () => (reached += 1)));
    const fault = await faultOf(form.replace('PORT', String(port)), {});
    expect(fault?.code).toBe('FETCH_ADDRESS_REFUSED');
    expect(reached).toBe(0);
  });

  it.each([[['127.0.0.1']], [['8.8.8.8', '127.0.0.1']], [['::ffff:10.0.0.1']], [['fd00:ec2::254']]])(
    'refuses a name that resolves to %j',
    async (addresses) => {
      const fault = await faultOf('http://good.example:8080/', { resolve: async () => addresses });
      expect(fault).toMatchObject({
        code: 'FETCH_ADDRESS_REFUSED',
        data: { host: 'good.example:8080', address: addresses.at(-1) },
      });
    },
  );

  it('asks first: its risk is the network, and what it shows is the address that is sent', async () => {
    const tool = toolOf({});
    expect(tool.describe()).toMatchObject({ name: 'fetch_page', risk: 'network', idempotency: 'idempotent' });
    const shown = await tool.preview?.({ url: 'HTTP://Bücher.example/a b#there' }, contextOf());
    expect(shown).toEqual({
      ok: true,
      preview: { kind: 'request', url: 'http://xn--bcher-kva.example/a%20b' },
    });
    expect(await tool.preview?.({ url: 'http://10.0.0.1/' }, contextOf())).toMatchObject({
      fault: { code: 'FETCH_ADDRESS_REFUSED' },
    });
    const other: CallPreview = { kind: 'request', url: 'http://other.example/' };
    expect(await tool.call({ url: 'http://good.example/' }, contextOf(other))).toMatchObject({
      fault: { code: 'APPROVAL_CHANGED' },
    });
  });

  it.each([
    ['', 'TOOL_INPUT_INVALID'],
    ['no address', 'no-address'],
    ['//good.example/', 'no-address'],
    ['ftp://good.example/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['javascript:1', 'scheme'],
    ['http://me@good.example/', 'credentials'],
    ['http://:word@good.example/', 'credentials'],
    ['http://good.example:22/', 'port'],
    ['http://good.example:1023/', 'port'],
    [`http://good.example/${'ü'.repeat(3000)}`, 'too-long'],
  ])('refuses %j before anything is resolved', async (url, why) => {
    let resolved = 0;
    const resolve = async () => {
      resolved += 1;
      return ['8.8.8.8'];
    };
    const fault = await faultOf(url, { resolve });
    const expected =
      why === 'TOOL_INPUT_INVALID' ? { code: why } : { code: 'FETCH_URL_REFUSED', data: { reason: why } };
    expect(fault).toMatchObject(expected);
    expect(resolved).toBe(0);
  });
});
