import { type Component, createRenderer } from 'vue'

interface Nothing {
  parent: Nothing | null
}
const nothing = (): Nothing => ({ parent: null })

/** Mounts a component without a browser: its hooks run, nothing is drawn. Returns what takes it down. */
export function mountUnseen(component: Component): () => void {
  const { createApp } = createRenderer<Nothing, Nothing>({
    patchProp: () => undefined,
    insert: () => undefined,
    remove: () => undefined,
    createElement: nothing,
    createText: nothing,
    createComment: nothing,
    setText: () => undefined,
    setElementText: () => undefined,
    parentNode: ({ parent }) => parent,
    nextSibling: () => null,
  })
  const app = createApp(component)
  app.mount(nothing())
  return () => app.unmount()
}
