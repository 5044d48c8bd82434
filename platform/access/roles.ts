/** What somebody may do. Code asks for a right, never for a role. */
export type Right =
  /** See what the field reports. */
  | 'read'
  /** Act on the field. */
  | 'operate'
  /** See names, addresses and the consumption of single units: personal data in the sense of the LGPD. */
  | 'personal'
  /** Change flows, which is to run any code here. */
  | 'edit-flows'
  /** Replay what was quarantined. */
  | 'quarantine'
  /** Users, registry, credentials of devices, the simulation. */
  | 'administer'

export const roles = ['viewer', 'operator', 'engineer', 'admin'] as const
export type Role = (typeof roles)[number]

const rights: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['read'],
  operator: ['read', 'operate', 'personal'],
  engineer: ['read', 'operate', 'edit-flows', 'quarantine'],
  admin: ['read', 'operate', 'personal', 'edit-flows', 'quarantine', 'administer'],
}

export const mayRole = (role: Role, right: Right): boolean => rights[role].includes(right)

/** Why somebody with this role is not let in, for programs and the log. */
export const lackOf = (role: Role, right: Right): string => `the role ${role} does not have the right ${right}`

const known: ReadonlySet<string> = new Set(Object.values(rights).flat())

/** Whether a word, as somebody wrote it, names a right. */
export const isRight = (word: string): word is Right => known.has(word)
