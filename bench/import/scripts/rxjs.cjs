require('rxjs')
