import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export type IdentityProvider = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Follows the address there as a browser does, signs in as the subject, and gives the address that leads back. */
  vouch(address: string, subject: string): Promise<URL>;
  close(): void;
};

/**
 * A real OpenID provider on this computer, with its own page for signing in: any subject is taken, with any password. It tells
 * `preferred_username` as most do, when asked with an access token and not in the identity token.
 */
export async function openIdentityProvider(
  returnAddress: string,
  leftAddress: string,
): Promise<IdentityProvider> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [clientId, clientSecret] = ['diaban', 'a secret of this test alone, long enough for it'];
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [returnAddress],
        post_logout_redirect_uris: [leftAddress],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'name'] },
    findAccount: (_context: unknown, subject: string) => ({
      accountId: subject,
      claims: () => ({ sub: subject, preferred_username: `${subject}@tinh.vn`, name: 'Nguyễn Văn A' }),
    }),
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    cookies: { keys: ['only for this test'] },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      Interaction: 600,
      Grant: 600,
      Session: 600,
    },
  });
  server.on('request', provider.callback());
  const origin = new URL(returnAddress).origin;

  return {
    issuer,
    clientId,
    clientSecret,
    async vouch(address, subject) {
      const cookies = new Map<string, string>();
      let next = address;
      let form: URLSearchParams | null = null;
      for (let steps = 0; steps < 20; steps += 1) {
        if (next.startsWith(origin)) return new URL(next);
        const answer: Response = await fetch(next, {
          redirect: 'manual',
          headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
          ...(form ? { method: 'POST', body: form } : {}),
        });
        for (const line of answer.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
          cookies.set(name!, value!);
        }
        const location = answer.headers.get('location');
        if (location) {
          next = new URL(location, next).href;
          form = null;
          continue;
        }
        const page = await answer.text();
        const [, action, prompt] =
          /<form[^>]*action="([^"]+)"[^>]*>[\s\S]*?name="prompt" value="(\w+)"/.exec(page) ?? [];
        if (!action)
          throw new Error(`the provider shows no form at ${next}: ${answer.status} ${page.slice(0, 500)}`);
        next = new URL(action, next).href;
        form = new URLSearchParams({
          prompt: prompt!,
          ...(prompt === 'login' ? { login: subject, password: 'x' } : {}),
        });
      }
      throw new Error('the provider sends its visitor around in circles');
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
