import { Type } from '@sinclair/typebox'
import { Problem } from '../http/problem.ts'
import { defineRoute, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { roles } from './roles.ts'

const user = Type.Object({
  username: Type.String(),
  role: Type.Union(roles.map((role) => Type.Literal(role))),
})

/** Login and logout. */
export const accessRoutes = ({ access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'POST',
    path: '/api/auth/login',
    operationId: 'login',
    summary: 'Log in with name and password',
    tag: 'access',
    right: 'open',
    body: Type.Object({
      username: Type.String({ minLength: 1, maxLength: 100 }),
      password: Type.String({ minLength: 1, maxLength: 1000 }),
    }),
    answers: { 200: { description: 'Logged in', schema: Type.Object({ token: Type.String(), user }) } },
    async handle({ body: { username, password } }) {
      const login = await access.login(username, password)
      if (!login) throw new Problem(401, 'Not logged in', { detail: 'name and password do not fit' })
      const { token, identity } = login
      return { body: { token, user: { username: identity.username, role: identity.role } } }
    },
  }),
]
