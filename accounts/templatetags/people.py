from django import template

from accounts.sessions import browser_name

register = template.Library()
register.filter("browser_name", browser_name)
