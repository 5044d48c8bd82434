import { Type } from '@sinclair/typebox'
import { Nullable } from '../../../platform/http/fields.ts'
import type { ApiRequest } from '../../../platform/http/route.ts'
import type { Signer } from './entry-repository.ts'

export const tag = 'shift'

/** What somebody writes: not only spaces. */
export const written = (description: string, maxLength: number, example: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', description, examples: [example] })

/** Of which part of the grid something tells, in words of the operators. */
export const responsibility = Type.Optional(
  Nullable(written('Of which part of the grid it tells; null: of all of it', 80, 'North substation')),
)

/** The login that writes or signs. */
export const signerOf = ({ identity, address }: Pick<ApiRequest, 'identity' | 'address'>): Signer => {
  const { username, role, sessionId } = identity!
  return { username, role, sessionId, address }
}
