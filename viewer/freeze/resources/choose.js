// Goes on in the visitor's language where the browser names one of ours; the links stand there in any case.
(function () {
  var known = document.querySelectorAll("a[data-language]");
  for (var wish of navigator.languages || [navigator.language]) {
    for (var link of known) {
      if (wish.slice(0, 2).toLowerCase() === link.dataset.language) return location.replace(link.href);
    }
  }
})();
