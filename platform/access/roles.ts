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
  /** Set limits of feeders that last. */
  | 'configure-feeders'
  /** Change the master alarm table, and take alarms out of service. */
  | 'configure-alarms'
  /** Decide on what another person proposed. */
  | 'approve'
  /** Users, registry, credentials of devices, the simulation. */
  | 'administer'

export const roles = ['viewer', 'operator', 'engineer', 'admin'] as const
export type Role = (typeof roles)[number]

const rightsByRole: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['read'],
  operator: ['read', 'operate', 'personal'],
  engineer: ['read', 'operate', 'edit-flows', 'quarantine', 'configure-feeders', 'configure-alarms', 'approve'],
  admin: [
    'read',
    'operate',
    'personal',
    'edit-flows',
    'quarantine',
    'configure-feeders',
    'configure-alarms',
    'approve',
    'administer',
  ],
}

/** All that a role may do. */
export const rightsOf = (role: Role): readonly Right[] => rightsByRole[role]

export const mayRole = (role: Role, right: Right): boolean => rightsOf(role).includes(right)

/** Why somebody with this role is not let in, for programs and the log. */
export const lackOf = (role: Role, right: Right): string => `the role ${role} does not have the right ${right}`

/** Every right there is. */
export const rights: readonly Right[] = [...new Set(Object.values(rightsByRole).flat())]

const known: ReadonlySet<string> = new Set(rights)

/** Whether a word, as somebody wrote it, names a right. */
export const isRight = (word: string): word is Right => known.has(word)
