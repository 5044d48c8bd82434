import type { Environment } from '../../runtime/environment.ts'
import type { ClaimRules } from './claims.ts'

/** Where the provider sends a browser back to; to be registered there, below PUBLIC_URL. */
export const callbackPath = '/login/oidc/callback'

/** Where the provider may send a browser after logging out there; to be registered there, below PUBLIC_URL. */
export const afterLogoutPath = '/logout'

export interface OidcSettings extends ClaimRules {
  readonly issuer: URL
  readonly clientId: string
  /** Undefined for a client that is public at the provider: PKCE protects it. */
  readonly clientSecret: string | undefined
  readonly scope: string
  /** Under which browsers know us. */
  readonly publicUrl: URL
}

/** What the environment says of OpenID Connect, checked there; undefined where it is not used. */
export function oidcSettings(environment: Environment): OidcSettings | undefined {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_ROLE_MAP, PUBLIC_URL } = environment
  if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined || PUBLIC_URL === undefined) return undefined
  return {
    issuer: new URL(OIDC_ISSUER),
    clientId: OIDC_CLIENT_ID,
    clientSecret: environment.OIDC_CLIENT_SECRET,
    scope: environment.OIDC_SCOPE,
    roleClaim: environment.OIDC_ROLE_CLAIM,
    usernameClaim: environment.OIDC_USERNAME_CLAIM,
    publicUrl: new URL(PUBLIC_URL),
    ...(OIDC_ROLE_MAP !== undefined && {
      roleMap: JSON.parse(OIDC_ROLE_MAP) as Exclude<ClaimRules['roleMap'], undefined>,
    }),
  }
}
