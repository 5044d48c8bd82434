import { userIdOf } from '../../../platform/approval/approval-repository.ts'
import { may, type Identity } from '../../../platform/access/identity.ts'
import { badField, conflict, notFound } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { refusedRequest } from '../requests/refusal.ts'
import { findTag, insertRemoval, type ListedTag } from './tag-repository.ts'

/**
 * Takes a tag away: its owner does, or a supervisor (the right `approve`) who says why.
 * @param at  UTC milliseconds of the wall's clock
 * @throws Problem 400 without a reason where it takes one; 403 for anybody else; 404; 409 where it hangs no more
 */
export async function removeTag(
  queries: Queries,
  tagId: number,
  reason: string | null,
  identity: Identity,
  at: number,
): Promise<ListedTag> {
  const tag = await findTag(queries, tagId)
  if (!tag) throw notFound('tag', 'path.tagId', tagId)
  const { username } = identity
  const byId = await userIdOf(queries, username)
  if (byId === undefined) throw conflict(`user ${username} is gone`)
  const isOwner = byId === tag.ownerId
  if (!isOwner && !may(identity, 'approve'))
    throw refusedRequest(403, 'not-owner', `tag ${tagId} is ${tag.owner}'s: its owner removes it, or a supervisor`)
  if (!isOwner && reason === null) throw badField('body.reason', null, `must say why: tag ${tagId} is ${tag.owner}'s`)
  if (!(await insertRemoval(queries, { tagId, byId, by: username, reason, at })))
    throw refusedRequest(409, 'removed', `tag ${tagId} was removed by ${tag.removal?.by ?? 'somebody else'}`)
  return { ...tag, removal: { by: username, reason, at } }
}
