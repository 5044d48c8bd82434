import { join, resolve } from 'node:path'
import { createFlowStorage } from './flow-storage.ts'
import { isLoopback, isProduction, readEnvironment } from './environment.ts'
import { guardEditor, guardPages } from './http-guard.ts'
import { installation } from './installation.ts'
import { nodeRedLogLine } from './node-red-log.ts'
import { openServices } from './open-services.ts'
import { runServices } from './running.ts'
import { openSecrets } from './secrets.ts'
import { prepareUserDirectory } from './user-directory.ts'

const environment = readEnvironment(process.env)
const production = isProduction(environment)
const dataDir = resolve(environment.DATA_DIR)
const userDir = join(dataDir, 'node-red')
const flowsDir = resolve(environment.FLOWS_DIR ?? join(installation, 'flows'))
// In production a proxy in front may pass on any name of ours; it keeps others out.
const checkHost = !production && isLoopback(environment.BIND_ADDRESS)
prepareUserDirectory(userDir, installation)
runServices(openServices(environment))

const settings = {
  uiPort: environment.PORT,
  uiHost: environment.BIND_ADDRESS,
  httpAdminRoot: '/editor',
  httpNodeRoot: '/',
  httpAdminMiddleware: guardEditor(checkHost),
  // The one setting that stands before all that is not the editor: Dashboard, API, http nodes.
  httpNodeAuth: guardPages(checkHost),
  userDir,
  // Not used by our storage, but part of Node-RED's messages.
  flowFile: join(flowsDir, 'flows.json'),
  storageModule: createFlowStorage({ flowsDir, userDir }),
  credentialSecret: environment.CREDENTIAL_SECRET ?? openSecrets(dataDir).credential,
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: false, ui: false },
  runtimeState: { enabled: false, ui: false },
  functionExternalModules: false,
  exportGlobalContextKeys: false,
  externalModules: {
    autoInstall: false,
    palette: { allowInstall: false, allowUpdate: false, allowUpload: false },
    modules: { allowInstall: false },
  },
  // Whoever may edit flows could with these do anything that the operating system lets us do.
  nodesExcludes: production ? ['90-exec.js', '10-file.js', '23-watch.js'] : [],
  contextStorage: { default: { module: 'memory' } },
  logging: {
    console: { level: 'off', metrics: false, audit: false },
    supervised: {
      level: environment.LOG_LEVEL,
      metrics: false,
      audit: false,
      handler: () => (message: Parameters<typeof nodeRedLogLine>[0]) => console.log(nodeRedLogLine(message)),
    },
  },
  editorTheme: {
    page: { title: 'Linha Viva' },
    header: { title: 'Linha Viva' },
    palette: { catalogues: [] },
    projects: { enabled: false },
    tours: false,
    multiplayer: { enabled: false },
    codeEditor: { lib: 'monaco' },
  },
}

// Node-RED requires its settings file and adds to what it gets: a module's namespace could not be added to.
export { settings as 'module.exports' }
