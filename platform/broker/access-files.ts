import { brokerUsers, deviceRights, namesNoDeviceHas, topicsOfDevice, userRights } from './rights.ts'

/** What tells other brokers who may do what: text by file name, relative to `deploy`. */
export const accessFiles = (): Map<string, string> =>
  new Map([
    ['mosquitto/access.acl', mosquittoAccess()],
    ['emqx/access.acl', emqxAccess()],
  ])

const origin = 'Written by `npm run contract` from platform/broker/rights.ts, which the embedded broker goes by.'

/** mosquitto asks what is denied to a user first, then what is granted to it, then the patterns, which hold for every user. */
function mosquittoAccess(): string {
  const users = brokerUsers.map((user) => {
    const { publish, read } = userRights[user]
    return [
      `user ${user}`,
      ...namesNoDeviceHas(user)
        .flatMap(topicsOfDevice)
        .map((topic) => `topic deny ${topic}`),
      ...publish.filter((filter) => !read.includes(filter)).map((filter) => `topic write ${filter}`),
      ...publish.filter((filter) => read.includes(filter)).map((filter) => `topic readwrite ${filter}`),
      ...read.filter((filter) => !publish.includes(filter)).map((filter) => `topic read ${filter}`),
    ].join('\n')
  })
  const { publish, read } = deviceRights('%u')
  const device = [
    '# A device with a user of its own, of the same name as the device: it speaks for itself only, and hears only what is for',
    '# it. A pattern holds for every user: what is denied above keeps the users of the platform from being devices.',
    ...publish.map((filter) => `pattern write ${filter}`),
    ...read.map((filter) => `pattern read ${filter}`),
  ].join('\n')
  return [`# Who may publish and read what. ${origin}`, ...users, device].join('\n\n') + '\n'
}

/** EMQX takes the first rule that fits. */
function emqxAccess(): string {
  const rule = (effect: 'allow' | 'deny', who: string, action: string, filters: readonly string[]): string =>
    `{${effect}, ${who}, ${action}, [\n${filters.map((filter) => `  ${JSON.stringify(filter)}`).join(',\n')}]}.`
  const users = brokerUsers.flatMap((user) => {
    const who = `{user, "${user}"}`
    return [
      rule('deny', who, 'all', namesNoDeviceHas(user).flatMap(topicsOfDevice)),
      rule('allow', who, 'publish', userRights[user].publish),
      rule('allow', who, 'subscribe', userRights[user].read),
    ]
  })
  const { publish, read } = deviceRights('${username}')
  return (
    [
      `%% Who may publish and read what. ${origin}`,
      ...users,
      rule('allow', 'all', 'publish', publish),
      rule('allow', 'all', 'subscribe', read),
      '{deny, all}.',
    ].join('\n') + '\n'
  )
}
