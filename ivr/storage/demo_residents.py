"""Invented residents of the demonstration site, so that a screen-pop has something to show."""

from ivr.crm import Contact

# Numbers from the part of 05x that no Israeli operator gives out (050-000…, 055-555-00xx).
DEMO_RESIDENTS = (
    Contact("demo-1", "רות לוי", "+972500000101", "נס הרים, הזית 4", "he", "חשבון מים משותף"),
    Contact("demo-2", "יוסף חדאד", "+972500000102", "צור הדסה, האלון 12", "he"),
    Contact("demo-3", "Анна Коган", "+972500000103", "מבשרת, הגפן 7", "ru"),
    Contact("demo-4", "سمير خوري", "+972500000104", "עין ראפה 3", "ar"),
    Contact("demo-5", "Dana Green", "+972500000105", "בר גיורא, התמר 9", "en"),
    Contact("demo-6", "משה ביטון", "+972555550001", "אביעזר 21", "he", "מבקש שיחה קולית בלבד"),
)
