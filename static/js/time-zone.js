// The browser's own time zone, for the hidden field of the sign-up form (data-time-zone).

for (const input of document.querySelectorAll("input[data-time-zone]")) {
  input.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
