import { badField } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
export async function situationFor(
  _q: Queries,
  situationId: string,
  _i: unknown,
  _u: readonly string[],
): Promise<void> {
  throw badField('body.body.situationId', situationId, 'is no situation')
}
