require('serfx')
