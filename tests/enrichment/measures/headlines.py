"""Titles in five scripts, each about one of ten planted subjects, among words that say nothing of it."""

import numpy as np

SUBJECTS = {
    "latin food": "Chocolate cake|pasta sauce|bread dough|cake recipe|bread recipe|pasta recipe",
    "latin sport": "football final|tennis final|football coach|tennis coach|football season|tennis season",
    "hindi food": "मसाला चाय|पनीर रेसिपी|मसाला रेसिपी|पनीर मसाला|चाय रेसिपी",
    "hindi sport": "क्रिकेट मैच|भारतीय टीम|क्रिकेट टीम|भारतीय क्रिकेट|टीम मैच",
    "arabic economy": "أسعار النفط|سوق الأسهم|أسعار الأسهم|سوق النفط|النفط الأسهم",
    "arabic travel": "مدينة قديمة|رحلة الصحراء|مدينة الصحراء|رحلة قديمة|رحلة مدينة",
    "thai food": "ต้มยำกุ้ง|ต้มยำปลา|สูตรต้มยำ|ต้มยำไก่",
    "thai travel": "เที่ยวทะเล|ทะเลภูเก็ต|เกาะทะเล|ทะเลกระบี่",
    "chinese economy": "股票市场|股票投资|投资股票|股票涨跌",
    "chinese science": "人工智能|智能机器|智能未来|机器智能",
}
AMONG = {
    "latin": "today yesterday finally really never always together tomorrow maybe quietly slowly again sometimes later",
    "hindi": "आज घर सबसे अच्छा यहां देखिए कैसे नया पुराना अभी सुबह शाम कभी पहला दूसरा",
    "arabic": "اليوم لماذا ببساطة أخيرا دائما معنا قريبا هنا أمس غدا أحيانا سريعا جديد أيضا",
    "thai": "วันนี้ ง่าย บ้าน เพื่อน ใหม่ สวย เช้า เย็น ร้าน คน รัก ดู",
    "chinese": "今天 昨天 我们 大家 可能 终于 以后 快乐 早上 晚上 朋友 老师",
}


def headlines(seed: int, each: int = 14) -> tuple[list[str], list[str]]:
    """Return titles in an order by chance, and the subject of each."""
    rng = np.random.default_rng(seed)
    found = []
    for subject, things in SUBJECTS.items():
        script = subject.split()[0]
        for _ in range(each):
            before, after = rng.choice(AMONG[script].split(), 2, replace=False)
            blank = "" if script in ("thai", "chinese") else " "
            found.append((blank.join([before, rng.choice(things.split("|")), after]), subject))
    order = rng.permutation(len(found))
    return [found[at][0] for at in order], [found[at][1] for at in order]
