import 'serfx'
