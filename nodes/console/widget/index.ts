import feedersCss from './feeders.css?inline'
import frameCss from './frame.css?inline'
import panelsCss from './panels.css?inline'
import screensCss from './screens.css?inline'
import alarmsPageCss from './screens/alarms/alarms.css?inline'
import commandsPageCss from './screens/commands/commands.css?inline'
import continuityPageCss from './screens/continuity/continuity.css?inline'
import feedersPageCss from './screens/feeders/feeders.css?inline'
import overviewPageCss from './screens/overview/overview.css?inline'
import solarPageCss from './screens/solar/solar.css?inline'
import systemPageCss from './screens/system/system.css?inline'
import voltagePageCss from './screens/voltage/voltage.css?inline'
import FieldOverview from './FieldOverview.vue'
import OperatorScreen from './OperatorScreen.vue'

const styles = [
  ...[frameCss, panelsCss, feedersCss, screensCss],
  ...[overviewPageCss, alarmsPageCss, commandsPageCss, feedersPageCss],
  ...[voltagePageCss, continuityPageCss, solarPageCss, systemPageCss],
]

// An adopted sheet, not a <style> element: it stands under a content-security policy without 'unsafe-inline'.
const sheet = new CSSStyleSheet()
sheet.replaceSync(styles.join('\n'))
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]

// Dashboard looks a component up under the type of its node; the library itself bears the name of the first one.
Object.assign(window, { 'linhaviva-ui-operator-screen': { OperatorScreen } })

export { FieldOverview }
