import { Problem } from '../http/problem.ts'
import { AccountError, type AccountFault } from './accounts.ts'
import { LoginDelayed } from './login-limit.ts'
import { TooBusy } from './turns.ts'

const statusOf: Readonly<Record<AccountFault, number>> = {
  unknown_user: 404,
  name_taken: 409,
  last_admin: 409,
  weak_password: 400,
  named_by_environment: 409,
  of_provider: 409,
}

/** Does something with users and logins, and says what went wrong as the API says it. @throws Problem */
export async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw problemOf(error)
  }
}

function problemOf(error: unknown): unknown {
  if (error instanceof LoginDelayed)
    return new Problem(429, 'Too many failed logins', {
      detail: error.message,
      headers: { 'Retry-After': String(Math.ceil(error.retryAfterMs / 1_000)) },
    })
  if (error instanceof TooBusy)
    return new Problem(503, 'Too busy', { detail: error.message, headers: { 'Retry-After': '2' } })
  if (!(error instanceof AccountError)) return error
  const { fault, message: detail } = error
  const status = statusOf[fault]
  const title = status === 404 ? 'Not found' : status === 409 ? 'Not possible' : 'Bad request'
  return new Problem(status, title, {
    detail,
    ...(fault === 'weak_password' && { errors: [{ field: 'body.password', problem: detail }] }),
  })
}
