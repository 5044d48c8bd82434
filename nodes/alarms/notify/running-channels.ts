/** Channels of this process, each with the node whose it is: two nodes with one name would tell what is the other's. */
export const runningChannels = new Map<string, string>()
