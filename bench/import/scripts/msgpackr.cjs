require('rxjs')
require('msgpackr')
