import 'rxjs'
import 'msgpackr'
