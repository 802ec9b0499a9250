import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeServers, faultOf, LOOPBACK, listening, outputOf, serve } from '../../testing/fetch-world.ts';
import { temporaryFolder } from '../../testing/local-store.ts';

const NAME = 'name.example';

afterEach(closeServers);

describe('a page over https', () => {
  const home = temporaryFolder();
  const trusted = getCACertificates('default');
  let own = { key: '', cert: '' };

  beforeAll(() => {
    const [key, cert] = [join(home.path, 'key.pem'), join(home.path, 'cert.pem')];
    const what = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`, '-days', '2', '-nodes'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', ...kind, ...what], { stdio: 'ignore' });
    own = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  });
  afterAll(() => {
    setDefaultCACertificates(trusted);
    home.remove();
  });

  const serveSecure = (location: (host: string) => string) =>
    listening(
      createServer(own, (request, response) => {
        if (request.url === '/away')
          response.writeHead(302, { location: location(request.headers.host ?? '') });
        else response.writeHead(200, { 'content-type': 'text/plain' });
        response.end('safe');
      }),
    );

  it('whose certificate nobody vouches for is refused', async () => {
    const port = await serveSecure(() => '/');
    expect(await faultOf(`https://${NAME}:${port}/`)).toMatchObject({
      code: 'FETCH_FAILED',
      data: { cause: 'certificate' },
    });
  });

  it('is read where the certificate is of its name, and only there', async () => {
    setDefaultCACertificates([...trusted, own.cert]);
    const port = await serveSecure(() => '/');
    expect(await outputOf(`https://${NAME}:${port}/`)).toMatchObject({ text: 'safe' });
    expect(await outputOf(`https://${NAME}:${port}/away`)).toMatchObject({
      finalUrl: `https://${NAME}:${port}/`,
    });
    expect(await faultOf(`https://other.example:${port}/`)).toMatchObject({ data: { cause: 'certificate' } });
    expect(await faultOf(`https://127.0.0.1:${port}/`)).toMatchObject({ data: { cause: 'certificate' } });
  });

  it('does not lead back to one without', async () => {
    setDefaultCACertificates([...trusted, own.cert]);
    const port = await serveSecure((host) => `http://${host}/`);
    expect(await faultOf(`https://${NAME}:${port}/away`)).toMatchObject({
      code: 'FETCH_REDIRECTED',
      data: { url: `http://${NAME}:${port}/` },
    });
  });

  it('is asked over the addresses that were checked and no others', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('here');
    });
    // No resolver of the system knows the name; it is reached because the connection takes the checked address.
    expect(await outputOf(`http://no-such-name.invalid:${port}/`, LOOPBACK)).toMatchObject({ text: 'here' });
  });
});
