/** Whether a topic filter stands as MQTT 3.1.1 (4.7.1) has it: `#` alone at the end, `+` alone in a level. */
export function isTopicFilter(filter: string): boolean {
  const levels = filter.split('/')
  return (
    filter !== '' &&
    !filter.includes('\0') &&
    levels.every((level, at) => (level === '#' ? at === levels.length - 1 : level === '+' || !/[+#]/.test(level)))
  )
}

/** Whether a topic is one that a filter names. Topics that begin with `$` are named by none that begins with a wildcard. */
export function matches(filter: string, topic: string): boolean {
  return !/[+#]/.test(topic) && contains(filter, topic)
}

/**
 * Whether whatever the filter `inner` names, `outer` names too: who may read `outer` may subscribe to `inner`.
 * `a/#` names `a` as well. A topic is a filter that names itself.
 */
export function contains(outer: string, inner: string): boolean {
  const [outerLevels, innerLevels] = [outer.split('/'), inner.split('/')]
  if (innerLevels[0]!.startsWith('$') && /^[+#]$/.test(outerLevels[0]!)) return false
  for (const [at, level] of outerLevels.entries()) {
    if (level === '#') return true
    const asked = innerLevels[at]
    if (asked === undefined || asked === '#' || (level !== '+' && level !== asked)) return false
  }
  return innerLevels.length === outerLevels.length
}
