import { badFields, conflict, notFound, Problem, titleOf } from '../http/problem.ts'
import { AccountError } from './accounts.ts'
import { LoginDelayed } from './login-limit.ts'
import { TooBusy } from './turns.ts'

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
    return new Problem(429, titleOf(429), {
      detail: error.message,
      headers: { 'Retry-After': String(Math.ceil(error.retryAfterMs / 1_000)) },
    })
  if (error instanceof TooBusy)
    return new Problem(503, titleOf(503), { detail: error.message, headers: { 'Retry-After': '2' } })
  return error instanceof AccountError ? problemOfAccount(error) : error
}

function problemOfAccount({ fault, username, message }: AccountError): Problem {
  switch (fault) {
    case 'unknown_user':
      return notFound('user', 'path.username', username)
    case 'weak_password':
      return badFields([{ field: 'body.password', problem: message }])
    case 'name_taken':
    case 'last_admin':
    case 'named_by_environment':
    case 'of_provider':
      return conflict(message)
  }
}
