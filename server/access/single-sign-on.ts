import * as client from 'openid-client';
import { z } from 'zod';
import { singleSignOnReturnPath } from '../../contract/access-endpoints.ts';
import type { SingleSignOnConfig } from '../config.ts';
import { isLoopbackUrl } from './address.ts';
import { hashOfSubject } from './secrets.ts';

/** What the browser keeps while it is away, and nobody else: the answer must fit to it. */
const kept = z.strictObject({ state: z.string(), nonce: z.string(), codeVerifier: z.string() });

export type SingleSignOn = {
  label: string | null;
  /** Where the browser goes, and what it keeps in a cookie meanwhile. */
  begin(): Promise<{ address: string; kept: string }>;
  /**
   * Whom the issuer vouches for, as the database knows him: a hash of issuer and subject.
   * @throws when the answer does not fit to what was kept, or the issuer does not stand by it.
   */
  finish(returned: URL, kept: string): Promise<Buffer>;
  /** Where the browser goes to end its session there too; null where the issuer has no such page. */
  leave(): Promise<string | null>;
};

const patienceSeconds = 10;

/**
 * OpenID Connect: the authorization code flow with PKCE, state and nonce. The issuer's description is read when it is first
 * needed, so that the server starts without the issuer, and read again after a failure.
 *
 * Nothing of what the issuer says of a person is kept: not the identity token either, which a sign-out there could name. The
 * issuer then asks, or goes by its own cookie.
 */
export function createSingleSignOn(
  { issuer, clientId, clientSecret, label, subjectClaim }: SingleSignOnConfig,
  baseUrl: string,
): SingleSignOn {
  let discovered: Promise<client.Configuration> | null = null;
  const configuration = (): Promise<client.Configuration> => {
    discovered ??= client
      .discovery(
        new URL(issuer),
        clientId,
        undefined,
        clientSecret ? client.ClientSecretBasic(clientSecret) : client.None(),
        {
          timeout: patienceSeconds,
          // server/config.ts takes http from this computer alone
          execute: issuer.startsWith('http:') && isLoopbackUrl(issuer) ? [client.allowInsecureRequests] : [],
        },
      )
      .catch((error) => {
        discovered = null;
        throw error;
      });
    return discovered;
  };
  const returnAddress = `${baseUrl}${singleSignOnReturnPath}`;

  return {
    label,
    async begin() {
      const state = client.randomState();
      const nonce = client.randomNonce();
      const codeVerifier = client.randomPKCECodeVerifier();
      const address = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: returnAddress,
        // no more of a person than is needed
        scope: subjectClaim === 'sub' ? 'openid' : 'openid profile',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      });
      const text = JSON.stringify({ state, nonce, codeVerifier } satisfies z.infer<typeof kept>);
      return { address: address.href, kept: Buffer.from(text).toString('base64url') };
    },

    async finish(returned, keptText) {
      const { state, nonce, codeVerifier } = kept.parse(
        JSON.parse(Buffer.from(keptText, 'base64url').toString('utf8')),
      );
      const settings = await configuration();
      const tokens = await client.authorizationCodeGrant(settings, returned, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('the issuer gave no identity token');
      // Claims beyond the subject stand in the identity token or, with most issuers, only in what it tells when asked.
      const subject =
        claims[subjectClaim] ??
        (await client.fetchUserInfo(settings, tokens.access_token, claims.sub))[subjectClaim];
      if (typeof subject !== 'string' || subject === '')
        throw new Error(`the issuer does not say ${subjectClaim}`);
      return hashOfSubject(issuer, subject);
    },

    async leave() {
      const settings = await configuration();
      if (!settings.serverMetadata().end_session_endpoint) return null;
      return client.buildEndSessionUrl(settings, { post_logout_redirect_uri: `${baseUrl}/` }).href;
    },
  };
}
