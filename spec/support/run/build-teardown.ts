import { removePackage } from './packed'

export default removePackage
