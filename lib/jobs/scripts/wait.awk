# Starts the command, waits for it, and has its end recorded.
# For a death by signal n, system() returns 256 + n, or 512 + n with a core dump; older awks return n / 256, or
# (128 + n) / 256. Where a shell with `set -m` stands between, it returns the 128 + n of that shell.
BEGIN {
  code = system("exec \"$SERFX_JOB_SH\" -c \"$SERFX_JOB_LAUNCH\" serfx-job")
  signal = 0
  if (code >= 256) signal = code % 256
  else if (code != int(code)) signal = int(code * 256) % 128
  else if (code > 128 && code <= 192 && ENVIRON["SERFX_JOB_SETSID"] ENVIRON["SERFX_JOB_PERL"] == "") signal = code - 128
  if (signal) code = 0
  system("exec \"$SERFX_JOB_SH\" -c \"$SERFX_JOB_FINISH\" serfx-job " code " " signal)
}
