/** Why a login by the provider comes to nothing; the pages have a text for each. */
export type OidcReason =
  /** The provider does not answer, or not as OpenID Connect has it. */
  | 'provider_away'
  /** The provider says no, or whoever was to log in there gave up. */
  | 'denied'
  /** No login was begun in this browser, it was too long ago, or it is over already. */
  | 'not_begun'
  /** What came back is not the provider's answer to what was asked. */
  | 'not_verified'
  /** The provider does not tell who it is, or by a name that is none here. */
  | 'no_username'
  /** The provider does not tell a role that is known here. */
  | 'no_role'
  /** The name belongs to somebody else. */
  | 'name_taken'
  /** The user may not log in. */
  | 'disabled'

/** A login by the provider that comes to nothing. The message is for the log: one line, without token or claim values that are secret. */
export class OidcRefusal extends Error {
  override readonly name = 'OidcRefusal'
  readonly reason: OidcReason

  constructor(reason: OidcReason, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.reason = reason
  }
}
