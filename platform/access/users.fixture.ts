import { roles, type Role } from './roles.ts'

/** Password of the user that a test has of each role, named as the role: strong enough for production. */
export const passwordOf = (role: Role): string => `Example-of-${role}-1`

export const testUsers = roles.map((role) => ({ username: role, password: passwordOf(role), role }))

export const testSecret = 'Example-of-a-secret-of-tests-and-of-nothing-else-1'
